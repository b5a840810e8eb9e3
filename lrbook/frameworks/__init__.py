"""The book's schedules in other frameworks, as a page shows them, and where the frameworks part."""
