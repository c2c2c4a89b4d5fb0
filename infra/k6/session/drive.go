package session

import (
	"context"
	"errors"
	"runtime"
)

// Drive offers the load that the configuration describes until it is done or the context ends. It calls feed with each
// complete second of measured load, from another goroutine. The result is also in engine.json. The error says why the load
// failed, or why results could not be written; an interruption is no error.
func Drive(ctx context.Context, config Config, feed func(*secondRecord)) (Result, error) {
	control, err := openControl(config.Control)
	if err != nil {
		return Result{}, err
	}
	files, err := openFiles(config.Out)
	if err != nil {
		control.close()
		return Result{}, err
	}
	clerk := newClerk(control, files, feed)
	engine, err := newEngine(ctx, config, clerk)
	if err != nil {
		_ = clerk.finish()
		return Result{}, err
	}
	stop := context.AfterFunc(ctx, control.interrupt)
	defer stop()

	defer takeProcessor()()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	clerk.result(engine.snapshot(Running, ""))
	err = engine.run()
	if err == nil && clerk.failure() == nil && ctx.Err() != nil {
		err = errInterrupted
	}
	result := engine.conclude(err)
	clerk.result(result)
	written := clerk.finish()
	if result.Status == Failed {
		return result, err
	}
	return result, written
}

func (e *engine) conclude(err error) Result {
	pages, unencoded := e.pages()
	if err == nil {
		err = unencoded
	}
	result := e.outcomeOf(err)
	result.Pages = pages
	return result
}

func (e *engine) outcomeOf(err error) Result {
	switch {
	case err == nil:
		return e.snapshot(Finished, "")
	case errors.Is(err, errInterrupted):
		return e.snapshot(Interrupted, "")
	}
	return e.snapshot(Failed, err.Error())
}

// pages gives what became of the pages of the measured phase; nil where there were none.
func (e *engine) pages() (*Pages, error) {
	if !e.config.Arrival.isPage() || e.recorder.measureStartedAt == nil {
		return nil, nil
	}
	return e.oracle.pages.result()
}
