FROM debian:13.2-slim
RUN curl -sSfLko /tmp/tool.tar.gz https://example.org/tool-1.2.0.tar.gz
USER 10001
CMD ["/opt/tool"]
