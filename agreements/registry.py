"""Registered with fieldvisit when the app is ready."""
