resource "terraform_data" "migrate" {
  provisioner "local-exec" {
    command = "./migrate.sh"
  }
}
