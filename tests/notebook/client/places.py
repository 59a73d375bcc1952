"""A node that lets one user have two sessions, one of them paused."""

import threading

from session import ok, rest, start

first, second = start(), start()
status, refused = rest("POST", "/api/kernels", {"name": "python3"})
assert status == 409 and "`local` has 2 sessions" in refused["message"], (status, refused)
assert rest("POST", f"/api/v1/sessions/{first}/pause")[0] == 200
assert rest("POST", "/api/kernels", {"name": "python3"})[0] == 409
assert rest("POST", f"/api/v1/sessions/{first}/resume")[0] == 200
ok("two")

assert rest("DELETE", f"/api/v1/sessions/{first}")[0] == 204
# Those that begin at the same time do not share the last place.
answers = []
begin = lambda: answers.append(rest("POST", "/api/kernels", {"name": "python3"})[0])
threads = [threading.Thread(target=begin) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert sorted(answers) == [201, 409, 409, 409, 409, 409], answers
ok("last")
