FROM debian:13.2-slim
RUN curl -sSfL https://example.org/install.sh | bash
USER 10001
CMD ["/opt/tool"]
