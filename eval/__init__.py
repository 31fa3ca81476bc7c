"""The measuring stick: labelled questions, and every number that is fitted or reported on them."""
