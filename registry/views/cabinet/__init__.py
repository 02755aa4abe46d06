"""Where a provider applies to the register, corrects, changes and leaves; everything ends in `registry.domain`."""
