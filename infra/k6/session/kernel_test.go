package session

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Where the runtime sends no signal, only its bound ends a long wait.
func TestWaitsEndWhereNothingInterruptsThem(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	alone := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestAWaitWithoutDataEnds$")
	alone.Env = append(os.Environ(), "GODEBUG=asyncpreemptoff=1")
	if output, err := alone.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

// refuse makes the kernel answer a system call of this thread with an error, as the filter of a container does.
func refuse(call uint32, errno unix.Errno) error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	const (
		load  = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		end   = unix.BPF_RET | unix.BPF_K
	)
	rules := []unix.SockFilter{
		{Code: load}, // the number of the call, which comes first in the kernel's description
		{Code: equal, K: call, Jf: 1},
		{Code: end, K: unix.SECCOMP_RET_ERRNO | uint32(errno)},
		{Code: end, K: unix.SECCOMP_RET_ALLOW},
	}
	program := unix.SockFprog{Len: uint16(len(rules)), Filter: &rules[0]}
	return unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0)
}

func TestAKernelThatCannotWaitFinelyIsAskedOnce(t *testing.T) {
	for _, errno := range []unix.Errno{unix.ENOSYS, unix.EPERM} {
		t.Run(unix.ErrnoName(errno), func(t *testing.T) {
			b := newBell(t)
			b.ring()
			refused := make(chan error)
			// The thread is never unlocked, so that it ends with its goroutine, and the filter with it.
			go func() {
				defer close(refused)
				runtime.LockOSThread()
				if err := refuse(unix.SYS_EPOLL_PWAIT2, errno); err != nil {
					refused <- err
					return
				}
				if count, err := b.client.poll(longestWait); count != 1 || err != nil || !b.client.coarse {
					t.Errorf("%d events, error %v, coarse %v", count, err, b.client.coarse)
				}
			}()
			if err := <-refused; err != nil {
				t.Skipf("this kernel takes no filter of system calls: %v", err)
			}
		})
	}
}
