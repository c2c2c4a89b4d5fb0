// Command toxiproxy is Shopify's Toxiproxy as a server that ends where it cannot do what it was asked for: the makers' own
// goes on without a proxy whose port was taken.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
)

const module = "github.com/Shopify/toxiproxy/v2"

func main() {
	proxies := flag.String("proxies", "", "JSON `file` with the proxies to open")
	control := flag.String("control", "", "`address` that takes orders")
	flag.Parse()
	if err := serve(*proxies, *control); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// serve opens the proxies and takes orders until the process is asked to end.
func serve(proxies, control string) error {
	toxiproxy.Version = linkedVersion()
	logger := zerolog.New(os.Stderr).Level(zerolog.WarnLevel)
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), logger)
	if err := open(server, proxies); err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(control)
	if err != nil {
		return err
	}
	// It ends the process where it cannot listen.
	go server.Listen(host, port)
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGINT, syscall.SIGTERM)
	<-asked
	return nil
}

func open(server *toxiproxy.ApiServer, proxies string) error {
	content, err := os.ReadFile(proxies)
	if err != nil {
		return err
	}
	if _, err := server.Collection.PopulateJson(server, bytes.NewReader(content)); err != nil {
		return fmt.Errorf("the proxies of %s cannot be opened: %w", proxies, err)
	}
	return nil
}

// linkedVersion is that of the module in this binary, such as 2.5.0.
func linkedVersion() string {
	info, _ := debug.ReadBuildInfo()
	if info == nil {
		return "unknown"
	}
	for _, dependency := range info.Deps {
		if dependency.Path == module {
			return strings.TrimPrefix(dependency.Version, "v")
		}
	}
	return "unknown"
}
