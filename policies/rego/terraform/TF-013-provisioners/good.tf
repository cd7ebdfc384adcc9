resource "aws_instance" "proxy" {
  ami       = var.ami
  user_data = file("cloud-init.yaml")

  provisioner "file" {
    source      = "proxy.conf"
    destination = "/etc/proxy.conf"
  }

  tags = {
    owner = "team-shop"
  }
}

resource "aws_instance" "web" {
  ami       = var.ami
  user_data = file("cloud-init.yaml")

  provisioner "file" {
    source      = "app.conf"
    destination = "/etc/app.conf"
  }

  tags = {
    owner = "team-shop"
  }
}
