package session

import (
	"fmt"
	"testing"
	"time"
)

func TestGaps(t *testing.T) {
	millis := func(count int64) int64 { return count * int64(time.Millisecond) }
	for name, each := range map[string]struct {
		rate  float64
		right []int64
		last  int64
		want  string
	}{
		"an answer every 50 ms":           {1000, []int64{50, 100, 150}, 160, "[]"},
		"half a second without":           {1000, []int64{50, 550, 560}, 560, "[0.05-0.55]"},
		"none from the start":             {1000, []int64{300}, 300, "[0-0.3]"},
		"none until the end":              {1000, []int64{50}, 950, "[0.05-never]"},
		"nothing at all was right":        {1000, nil, 700, "[0-never]"},
		"two":                             {1000, []int64{200, 210, 510}, 510, "[0-0.2 0.21-0.51]"},
		"few arrivals have long pauses":   {10, []int64{1000, 2900}, 3000, "[]"},
		"but not as long as twenty take":  {10, []int64{1000, 3100}, 3100, "[1-3.1]"},
		"a closed loop has no schedule":   {0, []int64{50, 150}, 150, "[0.05-0.15]"},
		"what was answered wrong is late": {1000, []int64{50, 60}, 65, "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			start := millis(7000)
			g := newGaps(start, each.rate)
			for _, moment := range each.right {
				g.right(start + millis(moment))
			}
			g.end(start + millis(each.last))
			words := []string{}
			for _, gap := range g.found {
				until := "never"
				if gap.UntilSeconds != nil {
					until = fmt.Sprint(*gap.UntilSeconds)
				}
				words = append(words, fmt.Sprintf("%v-%s", gap.FromSeconds, until))
			}
			if got := fmt.Sprint(words); got != each.want {
				t.Errorf("gaps are %s, not %s", got, each.want)
			}
		})
	}
}
