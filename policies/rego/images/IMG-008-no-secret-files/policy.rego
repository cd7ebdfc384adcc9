# METADATA
# title: No file with secrets is copied into an image
# description: >-
#   A layer keeps the file, also when a later one removes it: whoever can pull the image can read it.
# related_resources:
#   - https://docs.docker.com/build/building/secrets/
#   - https://docs.docker.com/build/concepts/context/#dockerignore-files
# custom:
#   id: IMG-008
#   severity: high
#   reads: dockerfile
#   message: "{file} is copied into the image"
#   fix: "mount it for the one step that needs it (`RUN --mount=type=secret`), or hand it to the container when it starts"
#   controls:
#     cis-docker: ["4.10"]
package idp_assess.images.no_secret_files

import data.idp_assess.lib.dockerfile

deny contains {"id": "IMG-008", "path": ["stages", i, "instructions", j], "params": {"file": file}, "resource": file} if {
	some i, stage in input.stages
	dockerfile.shipped(i)
	some j, instruction in stage.instructions
	instruction.name in {"COPY", "ADD"}
	not instruction.flags.from
	some file in dockerfile.sources(instruction.value)
	secret(file)
}

secret(file) if {
	regex.match(
		concat("", [
			`(?i)(^|/)(\.env(\.(local|prod|production|staging))?|\.netrc|\.pypirc|\.git-credentials|\.dockercfg|\.docker/config\.json|id_(rsa|dsa|ecdsa|ed25519)|`,
			`\.aws(/credentials)?|\.ssh|\.kube(/config)?|kubeconfig|[\w.-]*\.kubeconfig|credentials\.json|service[-_]?account[\w-]*\.json|[\w.-]+\.(p12|pfx|kdbx|tfstate)|`,
			`[\w.-]*(private|privkey|server|tls)[\w-]*\.(key|pem))$`,
		]),
		file,
	)
}
