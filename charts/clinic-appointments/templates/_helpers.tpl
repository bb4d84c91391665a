{{- define "clinics.fullname" -}}
{{- $full := .Release.Name -}}
{{- if not (contains .Chart.Name .Release.Name) -}}
{{- $full = printf "%s-%s" .Release.Name .Chart.Name -}}
{{- end -}}
{{- .Values.fullnameOverride | default $full | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{/* Labels that never change, because a Deployment's selector may not. Takes (dict "root" $ "role" "web"). */}}
{{- define "clinics.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .role }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{- define "clinics.labels" -}}
{{ include "clinics.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "clinics.metadata" -}}
name: {{ include "clinics.fullname" .root }}{{ with .role }}-{{ . }}{{ end }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "clinics.labels" . | nindent 2 }}
{{- end -}}

{{- define "clinics.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (ternary (include "clinics.fullname" .) "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{- define "clinics.image" -}}
{{- $repository := required "Set image.repository: where your image is, e.g. registry.example.org/clinic-appointments" .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{ $repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ $repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}
