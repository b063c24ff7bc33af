"""The pictures of a run, and --tracker."""
