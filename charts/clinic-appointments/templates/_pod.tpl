{{/*
The pod template of all roles. Takes (dict "root" $ "role" "web" "command" list "own" .Values.web) and optionally
"env" (a map), "probes" (YAML), "drain" (seconds) and "hook" (true for the Job that runs before the release exists).
*/}}
{{- define "clinics.pod" -}}
{{- $values := .root.Values -}}
metadata:
  labels:
    {{- include "clinics.selector" . | nindent 4 }}
  annotations:
    # replaces the pods when a setting changes, because processes read their environment only once
    checksum/config: {{ include "clinics.config" .root | sha256sum }}
    {{- with $values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  {{- if .hook }}
  restartPolicy: Never
  {{- else }}
  terminationGracePeriodSeconds: {{ .own.terminationGracePeriodSeconds }}
  serviceAccountName: {{ include "clinics.serviceAccountName" .root }}
  {{- end }}
  automountServiceAccountToken: false
  # A Service called "db" would otherwise set DB_PORT to tcp://… in every pod.
  enableServiceLinks: false
  {{- with $values.imagePullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: {{ .role }}
      image: {{ include "clinics.image" .root }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      command: {{ .command | toJson }}
      {{- if not .hook }}
      envFrom:
        - configMapRef:
            name: {{ include "clinics.fullname" .root }}
      {{- end }}
      env:
        {{- range $name, $value := .env }}
        - {name: {{ $name }}, value: {{ $value | quote }}}
        {{- end }}
        {{- include "clinics.secretFiles" . | trim | nindent 8 }}
      {{- if eq .role "web" }}
      ports:
        - {name: http, containerPort: 8000}
      {{- end }}
      {{- with .probes }}
      {{- . | nindent 6 }}
      {{- end }}
      {{- with .drain }}
      lifecycle:
        preStop:
          # The Service needs some time to remove this pod; until then requests still arrive.
          sleep:
            seconds: {{ . }}
      {{- end }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      resources:
        {{- toYaml .own.resources | nindent 8 }}
      volumeMounts:
        - {name: secrets, mountPath: /run/secrets/clinics, readOnly: true}
        - {name: tmp, mountPath: /tmp}
  volumes:
    {{- include "clinics.secretVolume" . | nindent 4 }}
    - name: tmp
      emptyDir:
        sizeLimit: 256Mi
  {{- if not .hook }}
  topologySpreadConstraints:
    {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "clinics.selector" $ | nindent 10 }}
    {{- end }}
  {{- end }}
  {{- with $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/*
Liveness of a Celery process. `celery inspect ping` would import the product for every probe and need the broker, so
an outage of the broker would restart every worker without need. The main thread of worker and beat wakes up every few
seconds, even without a broker: a context switch count equal to that of the previous probe means that it hangs.
*/}}
{{- define "clinics.wakesProbe" -}}
livenessProbe:
  exec:
    command:
      - sh
      - -c
      - |
        now=$(grep ^voluntary_ctxt_switches /proc/1/status)
        before=$(cat /tmp/wakes 2>/dev/null)
        echo "$now" >/tmp/wakes
        [ "$now" != "$before" ]
  periodSeconds: 30
  timeoutSeconds: 5
  failureThreshold: 4
{{- end -}}
