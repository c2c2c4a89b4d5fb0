package session

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// histogramLine is one line of histograms.jsonl. Its schema is histogramLine in record/engine.ts.
type histogramLine struct {
	Phase      string `json:"phase"`
	Second     int64  `json:"second"`
	Operation  string `json:"operation"`
	Count      int64  `json:"count"`
	Errors     int64  `json:"errors"`
	Violations int64  `json:"violations"`
	// By kind and by class, so that a fault can be drawn over time.
	ErrorKinds       Errors     `json:"errorKinds"`
	ViolationClasses Violations `json:"violationClasses"`
	Intended         string     `json:"intended"`
	Service          string     `json:"service"`
}

// files keeps what is measured on disk, every second.
type files struct {
	folder     string
	histograms *os.File
	buffer     *bufio.Writer
}

func openFiles(folder string) (*files, error) {
	if folder == "" {
		return nil, nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("make the results folder of SESSION_OUT: %w", err)
	}
	histograms, err := os.Create(filepath.Join(folder, "histograms.jsonl"))
	if err != nil {
		return nil, fmt.Errorf("create the histograms' file: %w", err)
	}
	return &files{folder: folder, histograms: histograms, buffer: bufio.NewWriterSize(histograms, 64<<10)}, nil
}

func (f *files) writeSecond(record *secondRecord) error {
	if f == nil {
		return nil
	}
	empty := newHistogram()
	for operation := range record.operations {
		o := &record.operations[operation]
		if o.count == 0 && o.errors.total() == 0 && o.violations.total() == 0 {
			continue
		}
		intended, service := o.intended, o.service
		if intended == nil {
			intended, service = empty, empty
		}
		line := histogramLine{
			Phase: record.phase.String(), Second: record.second, Operation: Operation(operation).String(),
			Count: o.count, Errors: o.errors.total(), Violations: o.violations.total(),
			ErrorKinds: o.errors, ViolationClasses: o.violations,
		}
		var err error
		if line.Intended, err = encode(intended); err != nil {
			return err
		}
		if line.Service, err = encode(service); err != nil {
			return err
		}
		if err := json.NewEncoder(f.buffer).Encode(line); err != nil {
			return fmt.Errorf("write histograms: %w", err)
		}
	}
	if err := f.buffer.Flush(); err != nil {
		return fmt.Errorf("write histograms: %w", err)
	}
	return nil
}

// writeResult replaces engine.json whole, so that a reader never sees half of it.
func (f *files) writeResult(result Result) error {
	if f == nil {
		return nil
	}
	text, err := json.MarshalIndent(result, "", "  ")
	if err != nil {
		return fmt.Errorf("write engine.json: %w", err)
	}
	target := filepath.Join(f.folder, "engine.json")
	if err := os.WriteFile(target+".part", append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write engine.json: %w", err)
	}
	if err := os.Rename(target+".part", target); err != nil {
		return fmt.Errorf("write engine.json: %w", err)
	}
	return nil
}

func (f *files) close() error {
	if f == nil {
		return nil
	}
	if err := f.histograms.Close(); err != nil {
		return fmt.Errorf("close the histograms' file: %w", err)
	}
	return nil
}
