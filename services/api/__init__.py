"""The interface for other systems: JSON:API as Drupal's own clients know it."""
