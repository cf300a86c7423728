"""What people and neighbors do with the catalog: each method is one transaction."""
