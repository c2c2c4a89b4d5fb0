package session

import (
	"math"
	"math/rand/v2"
)

// zipf draws ranks 0..n-1 with P(rank) proportional to 1/(rank+1)^exponent, for any exponent >= 0, in constant
// time and memory: rejection-inversion, W. Hörmann and G. Derflinger, "Rejection-inversion to generate variates from
// monotone discrete distributions", ACM TOMACS 6(3), 1996.
type zipf struct {
	random   *rand.Rand
	exponent float64
	n        float64
	hx1      float64
	hn       float64
	s        float64
}

func newZipf(random *rand.Rand, exponent float64, n int) *zipf {
	z := &zipf{random: random, exponent: exponent, n: float64(n)}
	z.hx1 = z.integral(1.5) - 1
	z.hn = z.integral(z.n + 0.5)
	z.s = 2 - z.integralInverse(z.integral(2.5)-z.density(2))
	return z
}

func (z *zipf) draw() int {
	for {
		u := z.hn + z.random.Float64()*(z.hx1-z.hn)
		x := z.integralInverse(u)
		k := math.Min(math.Max(math.Floor(x+0.5), 1), z.n)
		if k-x <= z.s || u >= z.integral(k+0.5)-z.density(k) {
			return int(k) - 1
		}
	}
}

// density is the unnormalised probability of x.
func (z *zipf) density(x float64) float64 { return math.Exp(-z.exponent * math.Log(x)) }

// integral is the antiderivative of density, stable where the exponent is near 1.
func (z *zipf) integral(x float64) float64 {
	logX := math.Log(x)
	return expm1OverX((1-z.exponent)*logX) * logX
}

func (z *zipf) integralInverse(x float64) float64 {
	t := math.Max(x*(1-z.exponent), -1)
	return math.Exp(log1pOverX(t) * x)
}

func expm1OverX(x float64) float64 {
	if math.Abs(x) > 1e-8 {
		return math.Expm1(x) / x
	}
	return 1 + x/2*(1+x/3*(1+x/4))
}

func log1pOverX(x float64) float64 {
	if math.Abs(x) > 1e-8 {
		return math.Log1p(x) / x
	}
	return 1 - x*(0.5-x*(1.0/3-x/4))
}
