"""What is still to come: where periods with a target will end and what gaps are made of; refunds of orders already made."""
