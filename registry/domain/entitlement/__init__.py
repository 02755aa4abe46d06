"""What a person pays for a service, worked out from answers and from the rules of one day; nothing here is stored."""
