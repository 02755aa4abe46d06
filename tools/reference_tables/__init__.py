"""Pure steps of `make reference`: packages in, small tables out, the same bytes on every run."""
