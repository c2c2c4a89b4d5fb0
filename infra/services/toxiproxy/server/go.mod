module github.com/session-bench/session-bench/infra/services/toxiproxy/server

go 1.26

require (
	github.com/Shopify/toxiproxy/v2 v2.5.0
	github.com/prometheus/client_golang v1.12.2
	github.com/rs/zerolog v1.27.0
)
