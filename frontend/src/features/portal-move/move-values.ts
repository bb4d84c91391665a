export interface MoveValues {
  doctor: string;
  date: string;
  time: string;
  minutes: string;
  note: string;
}
