// Command pos-gateway accepts the connections of the tills.
package main

import (
	"context"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"gitlab.com/northwind-retail/pos-gateway/internal/session"
)

func main() {
	listen := flag.String("listen", ":8583", "address of the tills' listener")
	health := flag.String("health", ":9090", "address of the health endpoint")
	queue := flag.String("queue", os.Getenv("INVOICE_QUEUE_URL"), "URL of the billing queue")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()

	http.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	go func() { slog.Error("health endpoint", "err", http.ListenAndServe(*health, nil)) }()

	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		slog.Error("listen", "err", err)
		os.Exit(1)
	}
	go func() { <-ctx.Done(); listener.Close() }()

	slog.Info("accepting tills", "address", *listen, "queue", *queue)
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go session.Serve(ctx, conn, *queue)
	}
}
