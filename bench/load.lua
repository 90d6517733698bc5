-- What wrk asks for (see load.py): addresses of a file, in an order that is the same each time.
-- wrk ... -- FILE PAUSE: one path a line; PAUSE is the mean of a connection's pauses in milliseconds.

local paths, pause = {}, 0
local counter = 0

function setup(thread)
  counter = counter + 1
  thread:set("first", counter)
end

function init(arguments)
  for line in io.lines(arguments[1]) do paths[#paths + 1] = line end
  pause = tonumber(arguments[2])
  math.randomseed(first)
  place = first * 7919
end

function request()
  place = place + 1
  return wrk.format("GET", paths[place % #paths + 1])
end

-- Exponential pauses, so that requests arrive as those of people who know nothing of each other; not
-- so long that the server would hang up in between.
function delay()
  if pause == 0 then return 0 end
  return math.floor(math.min(-math.log(1 - math.random()) * pause, 4000) + 0.5)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %.3f, "bytes": %d, "refused": %d, "broken": %d, '
      .. '"p50": %.3f, "p95": %.3f, "p99": %.3f, "worst": %.3f}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
    latency.max / 1e3))
end
