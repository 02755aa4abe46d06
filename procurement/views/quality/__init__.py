"""Quality evaluations: for everybody, for those who evaluate, and the page on which recipients answer."""
