"""Tests of palvelumanuaali."""
