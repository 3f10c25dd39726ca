"""Reports of Shoal beside the same questions in SQL: do both count the same?"""
