"""A study guide: lessons to run, exercises to solve, and what tries them."""
