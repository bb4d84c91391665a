{{/* What is no secret, as a map: the ConfigMap's data, and the migrate Job's environment. */}}
{{- define "clinics.config" -}}
{{- $base := required "Set baseDomain: the host below which every clinic has its own, e.g. clinics.example.org" .Values.baseDomain -}}
BASE_DOMAIN: {{ $base | quote }}
PUBLIC_SCHEME: {{ .Values.publicScheme | quote }}
# web speaks plain HTTP: where people see https, whoever ends TLS says so in X-Forwarded-Proto
BEHIND_PROXY: {{ eq .Values.publicScheme "https" | ternary "1" "0" | quote }}
PUBLIC_PORT: {{ .Values.publicPort | quote }}
DB_HOST: {{ required "Set database.host: the Postgres server's host name" .Values.database.host | quote }}
DB_PORT: {{ .Values.database.port | quote }}
DB_NAME: {{ .Values.database.name | quote }}
DB_USER: {{ .Values.database.user | quote }}
DEFAULT_FROM_EMAIL: {{ required "Set mail.from: the sender of messages, e.g. appointments@clinics.example.org" .Values.mail.from | quote }}
DJANGO_LOG_LEVEL: {{ .Values.logLevel | quote }}
{{- range $name, $value := .Values.settings }}
{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/*
Setting: {name, key} for every secret that a pod uses; one place decides what is mounted and what is announced. Takes
what clinics.pod takes. The owner's password goes into the migrate Job alone: web and workers may make no table.
*/}}
{{- define "clinics.secrets" -}}
{{- $name := required "Set secrets.existingSecret: the Secret that holds SECRET_KEY, JWT_SECRET and the rest" .root.Values.secrets.existingSecret -}}
{{- range $setting, $key := .root.Values.secrets.keys -}}
{{- if $key }}
{{ $setting }}: {name: {{ $name | quote }}, key: {{ $key | quote }}}
{{- end -}}
{{- end }}
{{- with .root.Values.database.passwordSecret }}
DB_PASSWORD: {name: {{ .name | default $name | quote }}, key: {{ .key | quote }}}
{{- end -}}
{{- if .hook }}
{{- with .root.Values.database.ownerPasswordSecret }}
DB_OWNER_PASSWORD: {name: {{ .name | default $name | quote }}, key: {{ .key | quote }}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
Secrets come as files (NAME_FILE), not as environment variables: a file is not inherited by every child process, does
not show in a crash report's environment, and works the same with a secrets-store driver.
*/}}
{{- define "clinics.secretFiles" -}}
{{- range $setting, $_ := include "clinics.secrets" . | fromYaml -}}
- {name: {{ $setting }}_FILE, value: /run/secrets/clinics/{{ $setting }}}
{{ end -}}
{{- end -}}

{{- define "clinics.secretVolume" -}}
- name: secrets
  projected:
    # the pod's group may read, see fsGroup
    defaultMode: 0440
    sources:
      {{- range $setting, $ref := include "clinics.secrets" . | fromYaml }}
      - secret:
          name: {{ $ref.name }}
          items:
            - {key: {{ $ref.key }}, path: {{ $setting }}}
      {{- end }}
{{- end -}}
