"""Files received and sent."""
