package session

import (
	"errors"
	"fmt"
	"strings"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/errext"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/js/modules"
)

func init() {
	modules.Register("k6/x/session", new(rootModule))
}

type rootModule struct{}

// NewModuleInstance is called by k6 for every virtual user.
func (*rootModule) NewModuleInstance(vu modules.VU) modules.Instance {
	metrics, err := registerMetrics(vu.InitEnv().Registry)
	if err != nil {
		common.Throw(vu.Runtime(), err)
	}
	return &instance{vu: vu, metrics: metrics}
}

type instance struct {
	vu      modules.VU
	metrics *moduleMetrics
}

func (i *instance) Exports() modules.Exports {
	return modules.Exports{Named: map[string]any{"drive": i.drive}}
}

// drive is drive(workload, env) in a script: it blocks while the load runs.
func (i *instance) drive(workload, env sobek.Value) {
	state := i.vu.State()
	if state == nil {
		common.Throw(i.vu.Runtime(), errors.New("drive() must be called from the default function, not at init"))
	}
	config, err := i.readConfig(workload, env)
	if err != nil {
		i.abort(err)
		return
	}
	result, err := Drive(i.vu.Context(), config, i.metrics.feeder(i.vu.Context(), state, config.Timeout))
	if err != nil {
		i.abort(err)
		return
	}
	state.Logger.Debugf("load %s: %d arrivals", result.Status, result.Pacing.Arrivals)
}

func (i *instance) readConfig(workload, env sobek.Value) (Config, error) {
	var described Workload
	variables := map[string]string{}
	runtime := i.vu.Runtime()
	if isAbsent(workload) {
		return Config{}, errors.New("drive() needs a workload: drive(workload, __ENV)")
	}
	if err := runtime.ExportTo(workload, &described); err != nil {
		return Config{}, fmt.Errorf("the workload cannot be read: %w", err)
	}
	if !isAbsent(env) {
		if err := runtime.ExportTo(env, &variables); err != nil {
			return Config{}, fmt.Errorf("the variables cannot be read; pass __ENV: %w", err)
		}
	}
	return ReadConfig(described, variables)
}

func isAbsent(value sobek.Value) bool {
	return value == nil || sobek.IsUndefined(value) || sobek.IsNull(value)
}

// abort ends the whole test, so that k6 exits with a code other than 0: an exception would only end the iteration.
func (i *instance) abort(err error) {
	reason := strings.TrimSpace(err.Error())
	i.vu.Runtime().Interrupt(&errext.InterruptError{Reason: fmt.Sprintf("%s: %s", errext.AbortTest, reason)})
}
