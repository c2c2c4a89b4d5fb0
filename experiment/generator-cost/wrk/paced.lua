-- The same read, each connection with a pause before its next request: by chance, of the milliseconds in the argument on
-- average. With equal pauses all connections would send together and share a wake-up.
-- So wrk keeps a rate, in an event loop with timers, as wrk2 does.
local pause

function init(args)
  pause = tonumber(args[1])
end

function delay()
  return math.random(0, 2 * pause)
end
