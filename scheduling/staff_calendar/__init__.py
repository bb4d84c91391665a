"""The calendar of the staff portal: the visits, free times and absences of several doctors, by day."""
