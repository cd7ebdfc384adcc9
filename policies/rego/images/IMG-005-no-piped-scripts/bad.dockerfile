FROM debian:13.2-slim
RUN curl -sSfL http://example.org/install.sh | bash
USER 10001
CMD ["/opt/tool"]
