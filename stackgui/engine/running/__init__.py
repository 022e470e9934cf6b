"""Runs over a plan: fill, verify, measure, check, preview, retry, resume.

Where pixels go is up to `stores`.
"""
