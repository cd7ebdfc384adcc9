FROM debian:13.2-slim
ADD https://example.org/tool-1.2.0.tar.gz /opt/
USER 10001
CMD ["/opt/tool"]
