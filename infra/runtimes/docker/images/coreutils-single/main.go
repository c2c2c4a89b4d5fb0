// Command coreutils stands in for the one program of Enterprise Linux' package coreutils-single. There every small
// program is a script of one line, "#!/usr/bin/coreutils --coreutils-prog-shebang=sleep", so that the process of a sleep
// is named by its interpreter. Of all of them this one can sleep.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

func main() {
	// The program, which it is to be, the script, the seconds.
	if len(os.Args) == 4 && os.Args[1] == "--coreutils-prog-shebang=sleep" {
		if seconds, err := strconv.Atoi(os.Args[3]); err == nil {
			time.Sleep(time.Duration(seconds) * time.Second)
			return
		}
	}
	fmt.Fprintln(os.Stderr, "coreutils: a stand-in, which knows sleep and whole seconds alone:", os.Args[1:])
	os.Exit(64)
}
