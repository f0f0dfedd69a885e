"""A Google Sheets API v4 in memory, over real HTTP on loopback: `sheets_server.py` tells how."""
