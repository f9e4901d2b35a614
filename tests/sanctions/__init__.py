"""Tests of the sanctions room."""
