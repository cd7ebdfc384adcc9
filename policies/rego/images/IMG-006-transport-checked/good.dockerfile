FROM debian:13.2-slim
RUN curl -sSfLo /tmp/tool.tar.gz https://example.org/tool-1.2.0.tar.gz && sha256sum --check tool.sha256
RUN apt-get update && apt-get install -y ca-certificates
USER 10001
CMD ["/opt/tool"]
