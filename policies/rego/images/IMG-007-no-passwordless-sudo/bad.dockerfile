FROM debian:13.2-slim
RUN adduser app && echo "app ALL=(ALL) NOPASSWD:ALL" > /etc/sudoers.d/app
USER app
CMD ["/opt/tool"]
