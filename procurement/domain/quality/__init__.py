"""Quality evaluation (decree 449): indicators, ratings, surveys of recipients, replies."""
