{{- define "web-service.selector" -}}
app.kubernetes.io/name: {{ .Release.Name }}
{{- end }}

{{- define "web-service.labels" -}}
{{ include "web-service.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
northwind-retail.example/owner: {{ .Values.owner }}
backstage.io/kubernetes-id: {{ .Release.Name }}
{{- end }}
