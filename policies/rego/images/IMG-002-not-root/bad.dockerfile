FROM debian:13.2-slim
COPY app /app
USER root
ENTRYPOINT ["/app"]
