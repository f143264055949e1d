"""Messages between Hub and Runner, as data: no sockets here.

The same messages travel over the WebSocket (one JSON array of messages a frame) and over polling (one JSON array in
the request, one in the answer).
"""
