"""Pictures and files as they are sent: made smaller, freed of what they would tell, called what they are."""
