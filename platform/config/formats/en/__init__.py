"""English, as it is written by the clinics."""
