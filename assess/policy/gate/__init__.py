"""What a change adds, under the settings of its base."""
