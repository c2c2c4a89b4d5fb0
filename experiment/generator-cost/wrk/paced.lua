-- The same read, each connection with a pause in milliseconds before its next request: the argument.
-- So wrk keeps a rate, in an event loop with timers, as wrk2 does.
local pause

function init(args)
  pause = tonumber(args[1])
end

function delay()
  return pause
end
