{{/* The settings that are not secret, as a map, for the ConfigMap and the environment of the migrate Job. */}}
{{- define "clinics.config" -}}
{{- $base := required "Set baseDomain: the domain whose subdomains are the clinics, e.g. clinics.example.org" .Values.baseDomain -}}
BASE_DOMAIN: {{ $base | quote }}
PUBLIC_SCHEME: {{ .Values.publicScheme | quote }}
# web serves plain HTTP; with https, the proxy that terminates TLS sets X-Forwarded-Proto
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
The secrets that a pod uses, as a map from setting to {name, key}, for both the volume and the NAME_FILE variables.
Takes the same argument as clinics.pod. Only the migrate Job gets the owner's password, because web and workers must
not change tables.
*/}}
{{- define "clinics.secrets" -}}
{{- $name := required "Set secrets.existingSecret: the Secret with SECRET_KEY, JWT_SECRET and the other secrets" .root.Values.secrets.existingSecret -}}
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
Secrets are files (NAME_FILE), not environment variables: child processes do not inherit files, crash reports do not
contain them, and they also work with a secrets-store driver.
*/}}
{{- define "clinics.secretFiles" -}}
{{- range $setting, $_ := include "clinics.secrets" . | fromYaml -}}
- {name: {{ $setting }}_FILE, value: /run/secrets/clinics/{{ $setting }}}
{{ end -}}
{{- end -}}

{{- define "clinics.secretVolume" -}}
- name: secrets
  projected:
    # readable by the pod's group, see fsGroup
    defaultMode: 0440
    sources:
      {{- range $setting, $ref := include "clinics.secrets" . | fromYaml }}
      - secret:
          name: {{ $ref.name }}
          items:
            - {key: {{ $ref.key }}, path: {{ $setting }}}
      {{- end }}
{{- end -}}
